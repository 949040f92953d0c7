package dev.goodhart.signal.hashed;
import dev.goodhart.data.*;
import dev.goodhart.run.*;
import java.nio.file.*;
import java.util.*;
public class TestBench {
  static double d(Map<String,String> o,String k,double v){return o.containsKey(k)?Double.parseDouble(o.get(k)):v;}
  public static void main(String[] a) throws Exception {
    long t0=System.nanoTime();
    Map<String,String> o=new HashMap<>();for(int i=1;i<a.length;i++){int e=a[i].indexOf('=');o.put(a[i].substring(0,e),a[i].substring(e+1));}
    List<FeatureGroup> g=new ArrayList<>();for(String n:o.getOrDefault("f","WORDS,WORD_PAIRS,CHARACTERS,OPENINGS,STYLE").split(","))g.add(FeatureGroup.valueOf(n));
    HashedBradleyTerry m=new HashedBradleyTerry((int)d(o,"bits",20),g,d(o,"rate",.03),d(o,"acc",20),(int)d(o,"passes",10),d(o,"margin",0),(int)d(o,"k",1),d(o,"holdout",.2),.1,Optional.empty());
    TrainingSet set;
    var data=Dataset.open(Path.of(a[0]),Reading.DEFAULT.skippingTo(null));
    try(var b=new TrainingSetBuilder(m)){
      HashedBradleyTerry.read(data,b,Progress.NONE);
      System.out.printf("read %.2f%n",(System.nanoTime()-t0)/1e9);
      set=b.build();
    }
    long nn=0;for(var f:set.responses())nn+=f.ngrams().length;
    System.out.printf("%s features %.2f; responses %d, avg ngrams %d, prompts %d items %d%n",o,(System.nanoTime()-t0)/1e9,set.responses().length,nn/set.responses().length,set.prompts().length,set.items().size());
    int folds=(int)d(o,"folds",5);double A=0,L=0,X=0,W=0;
    int[] dev=o.containsKey("seedonly")?new int[]{0}:null;
    for(int f=0;f<folds;f++){
      long t1=System.nanoTime();
      Fit fit=new Fitting(m,set,f,Progress.NONE).fit();
      var h=fit.heldOut();
      if(h.comparisons()>0){System.out.printf("  fold %d acc %s longer %.4f diff %s ece %.3f T %.2f pass %s time %.2f%n",f,h.accuracy().percent(),h.longer().estimate(),h.difference().percent(),h.ece(),fit.training().temperature(),fit.training().passes(),(System.nanoTime()-t1)/1e9);
      A+=h.accuracy().estimate();L+=h.longer().estimate();X+=h.ece();}
      if(h.labels()>0){System.out.printf("  fold %d auroc %s longer %.4f ece %.3f T %.2f pass %s time %.2f%n",f,h.auroc().percent(),h.longerAuroc().estimate(),h.labelEce(),fit.training().temperature(),fit.training().passes(),(System.nanoTime()-t1)/1e9);A+=h.auroc().estimate();L+=h.longerAuroc().estimate();X+=h.labelEce();}
      if(f==0)System.out.println(fit.notes());
    }
    System.out.printf("mean acc %.4f longer %.4f ece %.4f total %.2f%n",A/folds,L/folds,X/folds,(System.nanoTime()-t0)/1e9);
  }
}
